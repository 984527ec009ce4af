#!/bin/sh
# Waits until the logs of the cart are shipped.
until kubectl -n shop get pods -l app=cart -o json |
    jq -e '.items[0].status.containerStatuses[] | select(.name == "log") | .ready'; do
  sleep 1
done
