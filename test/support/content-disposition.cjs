// Bull Board's way to serve files requires this package, which is ESM only. Node (20.19 or newer) can do that; jest's
// own require cannot before Node 24.9, so Node is asked past it.
const { createRequire } = process.getBuiltinModule("node:module");

module.exports = createRequire(__filename)("content-disposition");
