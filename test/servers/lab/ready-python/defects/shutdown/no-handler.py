import uvicorn


class Server(uvicorn.Server):
    """The system ends the process as it does by default."""

    def install_signal_handlers(self):
        pass


def create_server(config, drain, streams, log):
    return Server(config)
