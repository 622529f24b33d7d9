"""Nothing here fetches what someone typed: in the suite another machine can't be reached, and nobody notices."""

import socket
import urllib.request

import pytest
from django.core.mail import get_connection

from tests.conftest import OutsideNetworkError


def test_another_machine_can_not_be_reached():
    """Negative control of the fixture that every test runs in."""
    with socket.socket() as plain, pytest.raises(OutsideNetworkError):
        plain.connect(("192.0.2.1", 80))
    with socket.socket() as plain, pytest.raises(OutsideNetworkError):
        plain.connect_ex(("192.0.2.1", 80))
    with socket.socket(type=socket.SOCK_DGRAM) as datagram, pytest.raises(OutsideNetworkError):
        datagram.sendto(b"x", ("192.0.2.1", 53))
    with pytest.raises(OutsideNetworkError):
        socket.getaddrinfo("example.org", 443)
    with pytest.raises(OutsideNetworkError):
        urllib.request.urlopen("http://example.org/")
    with pytest.raises(OutsideNetworkError):
        get_connection("django.core.mail.backends.smtp.EmailBackend", host="mail.example.org").open()


def test_this_machine_can():
    with socket.create_server(("127.0.0.1", 0)) as server, socket.create_connection(server.getsockname()) as mine:
        assert mine.getpeername() == server.getsockname()


def test_no_module_of_the_site_can_fetch():
    """SSRF needs something that fetches: there is nothing of the kind in the code."""
    from tests.security.test_xss import sources

    fetchers = (
        "urllib.request",
        "import requests",
        "httpx",
        "http.client",
        "urlopen",
        "aiohttp",
        "ftplib",
        "import socket",
    )
    found = [(name, word) for name, text in sources(".py") for word in fetchers if word in text]
    assert not found
