# Varnish 7 as an edge for lanes: many players wait for the same part, the origin is asked once.
#   varnishd -a 127.0.0.1:6081 -f varnish.vcl -s malloc,512m -p backend_idle_timeout=4
# TLS is the proxy's in front, which sends /days/*/lanes/ and /days/*/media/ here and everything else straight to Samsyn.
vcl 4.1;

backend samsyn {
  .host = "127.0.0.1";
  .port = "8000";
  .connect_timeout = 2s;
  .first_byte_timeout = 15s;    # a playlist is answered when its part is there
  .between_bytes_timeout = 5s;
  .max_connections = 200;       # when Samsyn does not answer, who waits is told so and asks again
}

sub vcl_recv {
  if (req.method != "GET" && req.method != "HEAD") {
    return (synth(405));
  }
  if (req.url !~ "^/days/[^/?]+/(lanes|media)/") {
    return (synth(404));        # nothing else belongs here: no page, no vote, no cookie
  }
  unset req.http.Cookie;
  unset req.http.Authorization;
  unset req.http.Cache-Control;
  unset req.http.Pragma;
  unset req.http.If-None-Match;
  unset req.http.If-Modified-Since;
  # Of the query only what a blocking reload says: whatever else players and strangers add would be one more question to the origin.
  if (req.url ~ "\.m3u8\?(.*&)?_HLS_msn=[0-9]+&_HLS_part=[0-9]+(&|$)") {
    set req.url = regsub(req.url, "\?(.*&)?(_HLS_msn=[0-9]+&_HLS_part=[0-9]+).*$", "?\2");
  } elsif (req.url ~ "\.m3u8\?(.*&)?_HLS_msn=[0-9]+(&|$)") {
    set req.url = regsub(req.url, "\?(.*&)?(_HLS_msn=[0-9]+).*$", "?\2");
  } else {
    set req.url = regsub(req.url, "\?.*$", "");
  }
  return (hash);                # who asks for the same waits for the same answer: never `pass`
}

sub vcl_backend_response {
  unset beresp.http.Set-Cookie;
  set beresp.grace = 0s;        # an old playlist is worse than none
  set beresp.keep = 0s;
  if (beresp.status != 200) {   # an error is for who asked; those who waited with them ask for themselves, side by side
    set beresp.uncacheable = true;
    set beresp.ttl = 1s;
    return (deliver);
  }
  if (bereq.url ~ "\.m3u8$") {  # without a question for a part: how things stand now
    set beresp.ttl = 0.3s;
  } elsif (beresp.ttl > 5s) {   # parts never change; within five seconds everybody has them
    set beresp.ttl = 5s;
  }
  return (deliver);
}

sub vcl_backend_error {
  set beresp.http.Cache-Control = "no-store";
  set beresp.http.Retry-After = "1";
  set beresp.http.Content-Type = "text/plain; charset=utf-8";
  set beresp.body = {"Away for a moment."};
  set beresp.uncacheable = true;
  set beresp.ttl = 1s;
  return (deliver);
}

sub vcl_deliver {
  unset resp.http.Via;
  unset resp.http.X-Varnish;
  unset resp.http.Age;          # players would take it off what they may keep
}
