-- What wrk asks for: single branches, or a page of the branches of a project, at random.
-- Arguments: token, "get" or "list", number of projects, branches made in each.
local token, what, projects, branches
local seed = 0

function setup(thread)
  thread:set("seed", seed)
  seed = seed + 1
end

function init(arguments)
  token, what = arguments[1], arguments[2]
  projects, branches = tonumber(arguments[3]), tonumber(arguments[4])
  math.randomseed(1 + (seed or 0))
  wrk.headers["Authorization"] = "Bearer " .. token
end

function request()
  local path = string.format("/api/2.0/postgres/projects/p%04d/branches", math.random(projects) - 1)
  if what == "get" then path = path .. string.format("/b%04d", math.random(branches) - 1) end
  return wrk.format("GET", path)
end

-- One line of JSON behind wrk's own report; times in milliseconds.
function done(summary, latency)
  local errors = summary.errors
  io.write(string.format(
    '{"requests": %d, "seconds": %.3f, "failed": %d, "p50": %.3f, "p99": %.3f, "worst": %.3f}\n',
    summary.requests, summary.duration / 1e6,
    errors.connect + errors.read + errors.write + errors.status + errors.timeout,
    latency:percentile(50) / 1e3, latency:percentile(99) / 1e3, latency.max / 1e3))
end
