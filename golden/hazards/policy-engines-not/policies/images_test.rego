package main

test_tag { deny[_] with input as {"spec": {"template": {"spec": {"containers": [{"image": "x"}]}}}} }
