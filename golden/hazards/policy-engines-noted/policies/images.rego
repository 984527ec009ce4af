package main

# No image without a tag.
deny[message] {
  input.kind == "Deployment"
  container := input.spec.template.spec.containers[_]
  not contains(container.image, ":")
  message := sprintf("%s has no tag", [container.name])
}
