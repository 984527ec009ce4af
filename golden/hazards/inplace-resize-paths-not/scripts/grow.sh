#!/bin/sh
kubectl -n shop patch pod search-0 --subresource resize --patch \
  '{"spec":{"containers":[{"name":"search","resources":{"requests":{"memory":"80Mi"}}}]}}'
# kubectl -n shop patch pod cart-0 --subresource resize --patch '{"spec":{"containers":[{"name":"log"}]}}'
kubectl -n shop patch pod cart-0 --subresource resize --patch \
  '{"spec":{"initContainers":[{"name":"log","resources":{"requests":{"memory":"80Mi"}}}]}}'
