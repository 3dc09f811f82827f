"""The server: uvicorn on sockets that one process opens and several serve.

`workers` starts the processes and starts them again, `server` is what each of them runs, `protocol` holds a connection
to what HTTP allows and to limits of size and time, `bridge` hands a request that has come whole to the application.
`bench/README.md` has the figures of this and of other servers; `python -m bench.ingest` measures it.
"""
