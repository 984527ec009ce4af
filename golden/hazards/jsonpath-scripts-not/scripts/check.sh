#!/bin/sh
# kubectl get deploy/cart -o jsonpath='{.spec.template.spec.containers[1].image}'
kubectl -n shop get deploy/cart -o jsonpath='{.spec.template.spec.containers[0].image}'
kubectl -n shop get deploy/search -o jsonpath='{.spec.template.spec.containers[1].image}'
kubectl -n staging get deploy/cart -o jsonpath='{.spec.template.spec.containers[1].image}'
kubectl -n shop get pods -l app=cart -o jsonpath='{.items[*].spec.initContainers[*].name} {.items[*].spec.containers[*].name}'
kubectl -n shop logs deploy/cart -c log
