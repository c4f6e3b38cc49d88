def request_id_of(headers):
    """No line can be found by a request."""
    return None
