"""Loaded into every Python process of the server under test before its own code (PYTHONPATH).

It redirects connections to other hosts to the lab's gateway, without DNS, and logs events as lines of JSON. It changes only
socket.getaddrinfo, socket.socket.connect, connect_ex and NO_PROXY, prints nothing, and raises nothing of its own.

MCP_PROD_LAB_EVENTS   the file for the lines
MCP_PROD_LAB_GATEWAY  port of the gateway on 127.0.0.1
MCP_PROD_LAB_MARK     sent first on each connection to the gateway
MCP_PROD_LAB_HOSTS    "host" or "host:port" goes to the gateway, "host=20123" to that port of 127.0.0.1; separated by commas
"""


def _load_next():
    """Runs the sitecustomize of the distribution or the user, which this one hides."""
    import importlib.machinery
    import importlib.util
    import os
    import sys

    here = os.path.dirname(os.path.abspath(__file__))
    others = [path for path in sys.path if os.path.abspath(path) != here]
    spec = importlib.machinery.PathFinder.find_spec("sitecustomize", others)
    if spec is not None and spec.loader is not None:
        spec.loader.exec_module(importlib.util.module_from_spec(spec))


def _interpose():
    import atexit
    import ipaddress
    import json
    import os
    import socket

    events = os.environ.get("MCP_PROD_LAB_EVENTS")
    mark = os.environ.get("MCP_PROD_LAB_MARK", "").encode("ascii")
    gateway_port = int(os.environ.get("MCP_PROD_LAB_GATEWAY") or 0)
    if not events or not gateway_port:
        return
    entries = [entry.split("=") for entry in os.environ.get("MCP_PROD_LAB_HOSTS", "").split(",") if entry]
    # Listed host -> port of 127.0.0.1.
    listed = {place: int(port[0]) if port else gateway_port for place, *port in entries}
    own = {("127.0.0.1", port) for port in [gateway_port, *listed.values()]}
    # Hosts with a port of their own must not go through the gateway as a proxy.
    bypassed = [place for place, port in listed.items() if port != gateway_port]
    for name in ("NO_PROXY", "no_proxy") if bypassed else ():
        os.environ[name] = ",".join(filter(None, [os.environ.get(name), *bypassed]))
    logged = set()

    def write(**event):
        try:
            with open(events, "a", encoding="utf-8") as file:
                file.write(json.dumps({**event, "pid": os.getpid()}) + "\n")
        except OSError:
            pass  # Without write permission, the hello is missing too.

    def log_once(event, host, port):
        # Each destination is logged once. After a fork, the child logs its own.
        key = (os.getpid(), event, host, port)
        if key not in logged and len(logged) < 500:
            logged.add(key)
            write(event=event, host=host, port=port)

    def address(host):
        try:
            return ipaddress.ip_address(host)
        except ValueError:
            return None

    def is_loopback(host):
        number = address(host)
        if number is not None:
            return number.is_loopback or number.is_unspecified
        return host in ("", "localhost") or host.endswith(".localhost")

    def port_instead(host, port):
        exactly = listed.get(f"{host}:{port}")
        if exactly is not None or is_loopback(host):
            return exactly
        # TLS to an IP address names no host for the gateway.
        usual = (80,) if address(host) is not None else (80, 443)
        return listed.get(host, gateway_port if port in usual else None)

    def text(host):
        return (host.decode("ascii", "replace") if isinstance(host, bytes) else host or "").lower()

    def number(port):
        return {"http": 80, "https": 443}.get(port) or (int(port) if str(port or "").isdigit() else 0)

    getaddrinfo = socket.getaddrinfo
    connect = socket.socket.connect
    connect_ex = socket.socket.connect_ex
    send = socket.socket.send
    connect_seconds = 5

    def getaddrinfo_or_gateway(host, port, family=0, type=0, proto=0, flags=0):
        name = text(host)
        instead = port_instead(name, number(port))
        if instead is not None:
            log_once("redirect", name, number(port))
            return getaddrinfo("127.0.0.1", instead, socket.AF_INET, type, proto, 0)
        return getaddrinfo(host, port, family, type, proto, flags)

    def aim(sock, wanted):
        if sock.family not in (socket.AF_INET, socket.AF_INET6) or sock.type != socket.SOCK_STREAM:
            return wanted
        host, port = text(wanted[0]), number(wanted[1])
        if (host, port) in own:
            return wanted
        instead = port_instead(host, port)
        if sock.family == socket.AF_INET and instead is not None:
            log_once("redirect", host, port)
            return ("127.0.0.1", instead)
        log_once("direct", host, port)
        return wanted

    def connect_marked(sock, address):
        # Blocking, because the mark has to go first. On loopback the kernel accepts at once.
        timeout = sock.gettimeout()
        sock.settimeout(connect_seconds if timeout is None else max(timeout, connect_seconds))
        try:
            connect(sock, address)
            # The method of a TLS socket would need the handshake first.
            send(sock, mark)
        finally:
            sock.settimeout(timeout)

    def connect_or_redirect(self, wanted):
        address = aim(self, wanted)
        if address == ("127.0.0.1", gateway_port):
            return connect_marked(self, address)
        return connect(self, address)

    def connect_ex_or_redirect(self, wanted):
        address = aim(self, wanted)
        if address != ("127.0.0.1", gateway_port):
            return connect_ex(self, address)
        try:
            connect_marked(self, address)
        except OSError as error:
            if error.errno is None:
                raise
            return error.errno
        return 0

    def hello():
        write(event="hello", runtime="python")

    socket.getaddrinfo = getaddrinfo_or_gateway
    socket.socket.connect = connect_or_redirect
    socket.socket.connect_ex = connect_ex_or_redirect
    hello()
    # A forking server listens in its workers.
    if hasattr(os, "register_at_fork"):
        os.register_at_fork(after_in_child=hello)
    atexit.register(lambda: write(event="exit"))


def _move_clock():
    import os

    if os.environ.get("MCP_PROD_LAB_CLOCK"):
        import mcp_prod_lab_clock  # noqa: F401


try:
    _move_clock()
    _interpose()
finally:
    _load_next()
