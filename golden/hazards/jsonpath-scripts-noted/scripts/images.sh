#!/bin/sh
for name in cart search; do
  kubectl -n shop get pods --output "jsonpath={.items[*].spec.containers[*].image}" | grep "shop/$name"
done
