#!/bin/sh
for pod in $(kubectl -n shop get pods -l app=cart -o name); do
  kubectl -n shop patch "$pod" --subresource resize --patch \
    '{"spec":{"containers":[{"name":"log","resources":{"requests":{"memory":"80Mi"}}}]}}'
done
