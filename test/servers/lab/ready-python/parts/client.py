def client_of(request, settings):
    """Who a request counts for: its credential, which was checked before, else the address of its connection."""
    return request.client.host if settings.api_key is None else "the key"
