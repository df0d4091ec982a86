#!/usr/bin/python3
"""Asks by AMQP and reads the result from a queue of one's own; needs python3-pika and the service over RabbitMQ (`make up`).

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
    """Makes the subscription, or finds it made, and returns the name of its queue."""
    body = json.dumps({"name": name, "kind": "queue", "expiresSeconds": 3600}).encode()
    headers = {"Content-Type": "application/json"}
    if key := os.environ.get("MULTIMODAL_API_KEY"):  # where the service wants one; of the tenant of Multimodal:Gateway:RequestTenant
        headers["Authorization"] = f"Bearer {key}"
    request = urllib.request.Request(f"{http}/v1/subscriptions", body, headers)
    with urllib.request.urlopen(request, timeout=30) as response:
        return json.load(response)["queue"]["name"]


def ask(channel, text: str | None, image: str | None, subscription: str) -> str:
    """Publishes a request, the JSON of POST /v1/requests, and returns the id that its result will have."""
    body = {"options": {"subscription": subscription}}
    if text:
        body["text"] = text
    if image:
        with open(image, "rb") as file:
            body["image"] = base64.b64encode(file.read()).decode()
    # A message id that is a UUID becomes the request's id, and makes sending the same message again harmless.
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
    channel.confirm_delivery()  # basic_publish raises if the broker did not take the message
    wanted = ask(channel, arguments.text, arguments.image, arguments.subscription)
    for method, properties, body in channel.consume(queue, inactivity_timeout=arguments.seconds):
        if method is None:
            raise SystemExit("no result in time")
        channel.basic_ack(method.delivery_tag)
        if properties.message_id == wanted:  # others are left from earlier runs
            result = json.loads(body)
            print(result["id"], result["status"], result["label"], round(result["confidence"], 3))
            break
    connection.close()


if __name__ == "__main__":
    main()
