"""A session whose answers are written in the test, and a clock that only moves when someone sleeps."""

from __future__ import annotations

import io

import requests
import urllib3
from requests.adapters import BaseAdapter


class Clock:
    """Seconds that pass while sleeping; `slept` are the waits in order."""

    def __init__(self, now=0.0):
        self.now = now
        self.slept = []

    def __call__(self):
        return self.now

    def sleep(self, seconds):
        self.slept.append(seconds)
        self.now += seconds


class ScriptedAdapter(BaseAdapter):
    """Answers with (status, headers, body) or an exception, in order; the last one is repeated."""

    def __init__(self, *answers):
        super().__init__()
        self.answers = list(answers)
        self.requests = []

    def send(self, request, **kwargs):
        self.requests.append((request, kwargs))
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if isinstance(answer, BaseException):
            raise answer
        status, headers, body = answer
        stream = body if hasattr(body, "read") else io.BytesIO(body)
        raw = urllib3.HTTPResponse(body=stream, headers=headers, status=status, preload_content=False)
        response = requests.Response()
        response.status_code = status
        response.headers.update(headers)
        response.raw = raw
        response.request = request
        response.url = request.url
        return response

    def close(self):
        """Nothing is open."""


def scripted_session(*answers):
    """Return a session and its adapter."""
    session = requests.Session()
    adapter = ScriptedAdapter(*answers)
    session.mount("http://", adapter)
    session.mount("https://", adapter)
    return session, adapter
