# Tries URLs with Net::HTTP or open-uri, whichever the argument names: one URL in hex for each line of standard input,
# one line of outcome each. See lab/urls/README.md.
require 'net/http'
require 'open-uri'
require 'uri'

$stdout.sync = true

# What programs write: Net::HTTP.get_response(URI(url)), with time-outs and without proxies of the environment.
def with_net_http(url)
  uri = URI(url)
  http = Net::HTTP.new(uri.hostname, uri.port, nil)
  http.open_timeout = 0.3
  http.read_timeout = 1
  http.max_retries = 0
  http.use_ssl = uri.scheme == 'https'
  http.start { http.request(Net::HTTP::Get.new(uri)) }
end

# Never Kernel#open or URI.open of a string: these start a command for one that begins with `|`.
def with_open_uri(url)
  URI.parse(url).open(proxy: nil, open_timeout: 0.3, read_timeout: 1, redirect: false) { |body| body.read(1000) }
end

name = ARGV.fetch(0)
puts %({"client":"#{name}","version":"#{RUBY_VERSION}"})
$stdin.each_line do |line|
  url = [line.chomp].pack('H*').force_encoding(Encoding::UTF_8)
  name == 'open-uri' ? with_open_uri(url) : with_net_http(url)
  puts '+'
rescue StandardError, ScriptError => e
  puts "- #{e.class}: #{e.message}".scrub.gsub(/[[:cntrl:]]/, ' ')
end
