-- Posts the lines of a file, one after another and again, and prints what a program can read.
local bodies = {}
local headers = { ["Content-Type"] = "application/json" }
local number = 0

function init(arguments)
  for line in io.lines(arguments[1]) do
    bodies[#bodies + 1] = wrk.format("POST", nil, headers, line)
  end
end

function request()
  number = number % #bodies + 1
  return bodies[number]
end

function done(summary, latency, requests)
  local errors = summary.errors
  print(
    string.format(
      "RESULT requests=%d us=%d p50=%.1f p99=%.1f p999=%.1f refused=%d broken=%d",
      summary.requests,
      summary.duration,
      latency:percentile(50),
      latency:percentile(99),
      latency:percentile(99.9),
      errors.status,
      errors.connect + errors.read + errors.write + errors.timeout
    )
  )
end
