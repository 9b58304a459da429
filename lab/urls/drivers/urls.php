<?php
// Tries URLs with file_get_contents or the curl extension, whichever the argument names: one URL in hex for each line
// of standard input, one line of outcome each. See lab/urls/README.md.

function with_streams(string $url): ?string
{
    $context = stream_context_create(['http' => ['timeout' => 1.0, 'follow_location' => 0, 'ignore_errors' => true]]);
    try {
        $found = @file_get_contents($url, false, $context, 0, 1000);
    } catch (ValueError $error) {
        return $error->getMessage();
    }
    return $found === false ? error_get_last()['message'] ?? 'failed' : null;
}

function with_curl(string $url): ?string
{
    try {
        $curl = curl_init($url);
    } catch (ValueError $error) {
        return $error->getMessage();
    }
    if ($curl === false) {
        return 'curl_init failed';
    }
    curl_setopt_array($curl, [
        CURLOPT_RETURNTRANSFER => true,
        CURLOPT_CONNECTTIMEOUT_MS => 300,
        CURLOPT_TIMEOUT_MS => 1000,
        CURLOPT_NOPROXY => '*',
    ]);
    return curl_exec($curl) === false ? curl_error($curl) : null;
}

// What a URL names may be `php://stdin`; the lines must not be there to be read.
$lines = fopen('php://fd/3', 'r');
$attempt = $argv[1] === 'curl' ? 'with_curl' : 'with_streams';
echo json_encode(['client' => $argv[1], 'version' => PHP_VERSION]), "\n";
while (($line = fgets($lines)) !== false) {
    $error = $attempt(hex2bin(rtrim($line)));
    echo $error === null ? '+' : '- ' . preg_replace('/[[:cntrl:]]/', ' ', $error), "\n";
}
