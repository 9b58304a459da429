import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.HttpURLConnection;
import java.net.Proxy;
import java.net.URI;
import java.net.URL;
import java.net.URLConnection;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HexFormat;

/**
 * Tries URLs with HttpURLConnection or HttpClient, whichever the argument names: one URL in hex for each line of
 * standard input, one line of outcome each. A URL that is not UTF-8 is read as Latin-1. See lab/urls/README.md.
 */
public final class Urls {
    private static final int CONNECT_MILLISECONDS = 300;
    private static final int READ_MILLISECONDS = 1000;

    private interface Attempt {
        void run(String url) throws Exception;
    }

    public static void main(String[] arguments) throws IOException {
        Attempt attempt = "HttpClient".equals(arguments[0]) ? withHttpClient() : Urls::withUrlConnection;
        say("{\"client\":\"" + arguments[0] + "\",\"version\":\"" + System.getProperty("java.version") + "\"}");
        BufferedReader lines = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.US_ASCII));
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            try {
                attempt.run(text(HexFormat.of().parseHex(line)));
                say("+");
            } catch (Exception error) {
                say("- " + String.valueOf(error).replaceAll("\\p{Cntrl}", " "));
            }
        }
    }

    private static void withUrlConnection(String url) throws IOException {
        URLConnection connection = new URL(url).openConnection(Proxy.NO_PROXY);
        connection.setConnectTimeout(CONNECT_MILLISECONDS);
        connection.setReadTimeout(READ_MILLISECONDS);
        if (connection instanceof HttpURLConnection http) {
            http.setInstanceFollowRedirects(false);
        }
        connection.getInputStream().close();
    }

    private static Attempt withHttpClient() {
        HttpClient client = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(Duration.ofMillis(CONNECT_MILLISECONDS))
                .proxy(HttpClient.Builder.NO_PROXY)
                .build();
        return url -> client.send(
                HttpRequest.newBuilder(URI.create(url)).timeout(Duration.ofMillis(READ_MILLISECONDS)).build(),
                HttpResponse.BodyHandlers.discarding());
    }

    private static String text(byte[] bytes) {
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
        } catch (CharacterCodingException notUtf8) {
            return new String(bytes, StandardCharsets.ISO_8859_1);
        }
    }

    private static void say(String line) {
        System.out.println(line);
        System.out.flush();
    }
}
