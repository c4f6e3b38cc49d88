import asyncio

from parts import shutdown


class Server(shutdown.Server):
    """Waits for every connection to be closed by its client, also for those with nothing on them."""

    async def shutdown(self, sockets=None):
        for listener in self.servers:
            listener.close()
        while self.server_state.connections:
            await asyncio.sleep(0.1)

    def give_up(self):
        pass


def create_server(config, drain, streams, log):
    config.timeout_keep_alive = 3600
    return Server(config, drain, streams, log)
