from parts import client


def client_of(request, key, settings):
    """Anybody is whoever a header says."""
    return request.headers.get("x-forwarded-for") or client.client_of(request, key, settings)
