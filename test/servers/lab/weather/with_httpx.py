import httpx


def get_json(url, limit):
    response = httpx.get(url, timeout=limit)
    response.raise_for_status()
    return response.json()
