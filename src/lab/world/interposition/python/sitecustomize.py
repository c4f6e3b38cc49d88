"""Loaded into every Python process of the server under test before its own code (PYTHONPATH).

It points connections to other hosts at the lab's gateway, without DNS, and tells what it did in lines of JSON. It changes
socket.getaddrinfo, socket.socket.connect, connect_ex and NO_PROXY, prints nothing, and raises nothing of its own.

MCP_PROD_LAB_EVENTS   file that the lines are appended to
MCP_PROD_LAB_GATEWAY  port of the gateway on 127.0.0.1
MCP_PROD_LAB_MARK     what each connection to the gateway begins with
MCP_PROD_LAB_HOSTS    hosts, or host:port, that go to the gateway on any port, separated by commas; "host=20123" goes to
                      that port on 127.0.0.1 instead
"""


def _load_next():
    """Runs the sitecustomize that this one stands in front of: a distribution or a user has put it there."""
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
    # The port on 127.0.0.1 that each listed place goes to.
    listed = {place: int(port[0]) if port else gateway_port for place, *port in entries}
    own = {("127.0.0.1", port) for port in [gateway_port, *listed.values()]}
    # What has a port of its own is not the gateway's to answer, which is the proxy as well.
    past = [place for place, port in listed.items() if port != gateway_port]
    for name in ("NO_PROXY", "no_proxy") if past else ():
        os.environ[name] = ",".join(filter(None, [os.environ.get(name), *past]))
    told = set()

    def write(**event):
        try:
            with open(events, "a", encoding="utf-8") as file:
                file.write(json.dumps({**event, "pid": os.getpid()}) + "\n")
        except OSError:
            pass  # A server that may not write there is one that said no hello.

    def tell(event, host, port):
        # Each destination is told once; after a fork the child tells its own.
        key = (os.getpid(), event, host, port)
        if key not in told and len(told) < 500:
            told.add(key)
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
        # TLS to an address names no host, so that the gateway could not tell where it was meant to go.
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
            tell("redirect", name, number(port))
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
            tell("redirect", host, port)
            return ("127.0.0.1", instead)
        tell("direct", host, port)
        return wanted

    def connect_marked(sock, address):
        # Blocking, for the mark has to go first: on loopback the system accepts at once, for a gateway that is busy as well.
        timeout = sock.gettimeout()
        sock.settimeout(connect_seconds if timeout is None else max(timeout, connect_seconds))
        try:
            connect(sock, address)
            # Not the method of a TLS socket, which would want its handshake first.
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
    # A server that forks its workers has them listen.
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
