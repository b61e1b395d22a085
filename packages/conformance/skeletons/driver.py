"""A conformance driver to start from: hello and two operations, standard library only. Copy it and add operations."""
import hashlib, json, sys

class Reject(Exception):
    """The input is invalid by the rules; the argument is a code of spec/errors.md."""

def time_median(given):
    times = sorted(given["times"])
    return {"time": times[len(times) // 2]}

def dht_target(given):
    fields = [(b"n", bytes.fromhex(given["n"])), (b"r", given["r"].encode()), (b"t", given["t"].encode())]
    encoded = b"".join(b"1:%s%d:%s" % (key, len(value), value) for key, value in fields)
    return {"target": hashlib.sha1(b"d" + encoded + b"e").hexdigest()}

OPS = {"time.median": time_median, "dht.target": dht_target}
ABOUT = {"name": "my implementation", "version": "0.1", "language": "Python", "homepage": ""}

def answer(request):
    if request.get("cmd") == "hello":
        return {"hello": {**ABOUT, "ops": list(OPS), "engines": [], "profiles": []}}
    if request.get("cmd") == "run" and request.get("op") in OPS:
        return {"ok": OPS[request["op"]](request["in"])}
    if request.get("cmd") in ("run", "open"):
        return {"skip": {"reason": "not yet"}}
    raise ValueError("unknown command")

for line in sys.stdin:
    seq = None
    try:
        request = json.loads(line)
        seq = request.get("seq")
        if request.get("cmd") == "bye":
            break
        result = answer(request)
    except Reject as reject:
        result = {"reject": {"code": str(reject)}}
    except Exception as error:
        result = {"error": {"message": repr(error)[:200]}}
    print(json.dumps({"seq": seq, **result}), flush=True)
