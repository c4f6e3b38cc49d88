import uvicorn


def create_server(config, drain, streams, log):
    """uvicorn as it is: it waits for the last client to leave, and an open event stream keeps it for ever."""
    return uvicorn.Server(config)
