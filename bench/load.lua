-- Load for wrk. Settings come from the environment, because wrk hands its arguments to every thread:
--   ONEHOP_BENCH_METHOD  the method, GET unless set
--   ONEHOP_BENCH_PATHS   paths separated by spaces, asked for in turn; unless set, the path of the URL
-- Without paths no `request` function exists: wrk then sends one prepared request and runs no Lua in between.
-- The last line of output is one JSON object: times in microseconds.

wrk.method = os.getenv("ONEHOP_BENCH_METHOD") or "GET"

local paths = os.getenv("ONEHOP_BENCH_PATHS")
if paths then
   local prepared = {}
   local turn
   local threads = 0

   -- Threads begin at different paths, so that they do not ask for the same one at the same moment.
   function setup(thread)
      threads = threads + 1
      thread:set("first", threads * 29)
   end

   function init(_)
      turn = first
      for path in paths:gmatch("%S+") do
         prepared[#prepared + 1] = wrk.format(wrk.method, path)
      end
   end

   function request()
      turn = turn % #prepared + 1
      return prepared[turn]
   end
end

function done(summary, latency, _)
   local errors = summary.errors
   io.write(string.format(
      '\n{"requests":%d,"duration":%d,"p50":%d,"p99":%d,"max":%d,' ..
      '"connect":%d,"read":%d,"write":%d,"status":%d,"timeout":%d}\n',
      summary.requests, summary.duration, latency:percentile(50), latency:percentile(99), latency.max,
      errors.connect, errors.read, errors.write, errors.status, errors.timeout))
end
