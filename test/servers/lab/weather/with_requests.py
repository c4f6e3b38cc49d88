import requests


def get_json(url, limit):
    response = requests.get(url, timeout=limit)
    response.raise_for_status()
    return response.json()
