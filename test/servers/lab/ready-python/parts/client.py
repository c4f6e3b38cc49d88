def client_of(request, key, settings):
    """Who a request counts for: its credential, which was checked before, else the address of its connection."""
    return request.client.host if settings.api_keys is None else f"key {key}"
