"""A real Kafka of a test's own, to be set up and broken as the test likes."""
import os
import pathlib
import shutil
import subprocess
import tempfile

KAFKA = os.environ["KAFKA_SCRIPT"]


class OwnKafka:
    def __init__(self, *properties: str):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="corostream-test-"))
        self.environment = os.environ | {"KAFKA_DIR": str(self.folder / "kafka"), "KAFKA_PORT": "auto",
                                         "KAFKA_PROPERTIES": "\n".join(properties)}

    def __enter__(self):
        self.address = self.call("start").strip()
        return self

    def __exit__(self, *_):
        self.call("stop")
        shutil.rmtree(self.folder)

    def call(self, *words: str) -> str:
        return subprocess.run([KAFKA, *words], env=self.environment, stdout=subprocess.PIPE, text=True, timeout=120,
                              check=True).stdout
