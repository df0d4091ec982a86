#!/usr/bin/python3
"""Sends a request over AMQP and reads the result from a subscription queue. Requires python3-pika and a service on RabbitMQ (`make up`).

    python3 examples/python/ask.py --amqp amqp://guest:guest@127.0.0.1:5672/%2F --http http://127.0.0.1:8080 --text seven
"""

import argparse
import base64
import json
import os
import urllib.request
import uuid

import pika


def subscribe(http: str, name: str) -> str:
    """Creates the subscription if it does not exist, and returns the name of its queue."""
    body = json.dumps({"name": name, "kind": "queue", "expiresSeconds": 3600}).encode()
    headers = {"Content-Type": "application/json"}
    if key := os.environ.get("MULTIMODAL_API_KEY"):  # a key of the tenant in Multimodal:Gateway:RequestTenant, if the service requires keys
        headers["Authorization"] = f"Bearer {key}"
    request = urllib.request.Request(f"{http}/v1/subscriptions", body, headers)
    with urllib.request.urlopen(request, timeout=30) as response:
        return json.load(response)["queue"]["name"]


def ask(channel, text: str | None, image: str | None, subscription: str) -> str:
    """Publishes a request with the JSON of POST /v1/requests, and returns the request's id."""
    body = {"options": {"subscription": subscription}}
    if text:
        body["text"] = text
    if image:
        with open(image, "rb") as file:
            body["image"] = base64.b64encode(file.read()).decode()
    # The message id, a UUID, becomes the request's id. Sending the message again does not create a second request.
    request_id = str(uuid.uuid4())
    properties = pika.BasicProperties(content_type="application/json", message_id=request_id, delivery_mode=2)
    channel.basic_publish("", "requests", json.dumps(body).encode(), properties, mandatory=True)
    return request_id


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--amqp", required=True, help="address of the broker, with user and virtual host")
    parser.add_argument("--http", required=True, help="address of a gateway")
    parser.add_argument("--subscription", default="python-example")
    parser.add_argument("--text")
    parser.add_argument("--image", help="an image file")
    parser.add_argument("--seconds", type=float, default=60, help="how long to wait for the result")
    arguments = parser.parse_args()

    queue = subscribe(arguments.http, arguments.subscription)
    connection = pika.BlockingConnection(pika.URLParameters(arguments.amqp))
    channel = connection.channel()
    channel.confirm_delivery()  # basic_publish raises if the broker did not store the message
    request_id = ask(channel, arguments.text, arguments.image, arguments.subscription)
    for method, properties, body in channel.consume(queue, inactivity_timeout=arguments.seconds):
        if method is None:
            raise SystemExit("no result in time")
        channel.basic_ack(method.delivery_tag)
        if properties.message_id == request_id:  # skip results of earlier runs
            result = json.loads(body)
            print(result["id"], result["status"], result["label"], round(result["confidence"], 3))
            break
    connection.close()


if __name__ == "__main__":
    main()
