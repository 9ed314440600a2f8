"""The API under `/api/v1/`: for programs that hold a key.

`operations` says what an operation is, `endpoint` serves one, `document` describes all of them in OpenAPI, and
`table` lists them. Handlers by resource call `management`, and nothing else.
"""
