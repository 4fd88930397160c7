"""Fails unless the broker that CORO_KAFKA names takes connections."""
import os
import socket
import sys

address = os.environ.get("CORO_KAFKA", "")
if not address:
    sys.exit("CORO_KAFKA=host:port names no broker: ./scripts/test starts one, or\n"
             "    CORO_KAFKA=$(./scripts/kafka start) ctest ...")
host, _, port = address.split(",")[0].rpartition(":")
try:
    socket.create_connection((host, int(port)), timeout=10).close()
except (OSError, ValueError) as error:
    sys.exit(f"no broker at CORO_KAFKA={address}: {error}")
