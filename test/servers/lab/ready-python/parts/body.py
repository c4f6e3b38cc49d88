MAX_BYTES = 1024 * 1024
MAX_READ_BYTES = 16 * MAX_BYTES


async def read_body(request):
    """None when it is too long; the rest is read, so that the client reads the answer."""
    chunks = []
    size = 0
    async for chunk in request.stream():
        size += len(chunk)
        if size <= MAX_BYTES:
            chunks.append(chunk)
        if size > MAX_READ_BYTES:
            break
    return None if size > MAX_BYTES else b"".join(chunks)
