"""A headless Chromium, talked to over a pipe: nothing besides Python's own library is needed."""
import base64
import json
import os
import shutil
import subprocess
import tempfile
import time


def find():
    """Path of the program; None where it is not installed."""
    names = [os.environ.get("CHROMIUM", ""), "chromium", "chromium-browser", "google-chrome"]
    return next((path for name in names if name and (path := shutil.which(name))), None)


class Browser:
    """One browser with one tab. Faults of the pages are gathered in `faults`."""

    def __init__(self, program):
        self.profile = tempfile.mkdtemp(prefix="mote-chromium-")
        # Descriptors 3 and 4 of the browser are its ends of the pipes.
        read_in, self.out = os.pipe()
        self.incoming, write_out = os.pipe()
        command = [
            program, "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage",
            "--no-first-run", "--hide-scrollbars", "--remote-debugging-pipe",
            f"--user-data-dir={self.profile}", "about:blank",
        ]
        line = " ".join("'" + part + "'" for part in command)
        self.process = subprocess.Popen(
            ["bash", "-c", f"exec 3<&{read_in} 4>&{write_out}; exec {line}"],
            pass_fds=[read_in, write_out], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        os.close(read_in)
        os.close(write_out)
        self.buffer = b""
        self.number = 0
        self.session = None
        self.events = []
        self.faults = []
        target = self.call("Target.createTarget", url="about:blank")["targetId"]
        self.session = self.call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        for domain in ["Page", "Runtime", "Log", "Network"]:
            self.call(f"{domain}.enable")

    def close(self):
        self.process.terminate()
        self.process.wait()
        shutil.rmtree(self.profile, ignore_errors=True)

    def _message(self):
        while b"\0" not in self.buffer:
            piece = os.read(self.incoming, 1 << 20)
            if not piece:
                raise RuntimeError("the browser has ended")
            self.buffer += piece
        text, self.buffer = self.buffer.split(b"\0", 1)
        return json.loads(text)

    def call(self, method, **parameters):
        self.number += 1
        message = {"id": self.number, "method": method, "params": parameters}
        if self.session:
            message["sessionId"] = self.session
        os.write(self.out, json.dumps(message).encode() + b"\0")
        while True:
            answer = self._message()
            if answer.get("id") == self.number:
                if "error" in answer:
                    raise RuntimeError(f"{method}: {answer['error']}")
                return answer["result"]
            self._event(answer)

    def _event(self, event):
        method, parameters = event.get("method"), event.get("params", {})
        self.events.append(method)
        if method == "Runtime.exceptionThrown":
            self.faults.append("exception: " + parameters["exceptionDetails"]["text"])
        elif method == "Runtime.consoleAPICalled" and parameters["type"] in ("error", "warning"):
            self.faults.append("console: " + str(parameters["args"]))
        elif method == "Log.entryAdded" and parameters["entry"]["level"] in ("error", "warning"):
            self.faults.append("log: " + parameters["entry"]["text"])
        elif method == "Network.requestWillBeSent":
            url = parameters["request"]["url"]
            if not url.startswith(("file:", "data:", "about:", "blob:")):
                self.faults.append("request to " + url)

    def run(self, script):
        """The value of a JavaScript expression or promise."""
        result = self.call(
            "Runtime.evaluate", expression=script, returnByValue=True, awaitPromise=True)
        if "exceptionDetails" in result:
            raise RuntimeError(str(result["exceptionDetails"]))
        return result["result"].get("value")

    def open(self, path):
        self.events.clear()
        self.call("Page.navigate", url="file://" + os.path.abspath(path))
        deadline = time.time() + 60
        while "Page.loadEventFired" not in self.events:
            self._event(self._message())
            assert time.time() < deadline, "the page does not load"

    def view(self, width, height, scheme="light", media="screen"):
        self.call(
            "Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1,
            mobile=width < 700)
        self.call(
            "Emulation.setEmulatedMedia", media=media,
            features=[{"name": "prefers-color-scheme", "value": scheme}])

    def picture(self, file, whole=False):
        found = self.call(
            "Page.captureScreenshot", format="png", captureBeyondViewport=whole)
        with open(file, "wb") as out:
            out.write(base64.b64decode(found["data"]))

    def pdf(self, file):
        found = self.call("Page.printToPDF", preferCSSPageSize=True, printBackground=True)
        with open(file, "wb") as out:
            out.write(base64.b64decode(found["data"]))
