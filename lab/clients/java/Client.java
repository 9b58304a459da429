import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import software.amazon.awssdk.auth.credentials.InstanceProfileCredentialsProvider;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.core.retry.RetryMode;
import software.amazon.awssdk.core.util.VersionInfo;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.imds.Ec2MetadataClient;
import software.amazon.awssdk.imds.Ec2MetadataRetryPolicy;
import software.amazon.awssdk.imds.EndpointMode;

/**
 * Fetches role credentials with the AWS SDK for Java 2, once per {@code fetch} line on standard input.
 *
 * <p>{@code Client provider} asks the credentials provider; it offers no way to force a refresh, so every fetch
 * makes another provider in the same process. {@code Client imds} asks the metadata client, one for the whole
 * process, which holds its token. Every answer is one JSON line; see lab/clients/README.md.
 */
public final class Client {
    private static final String ROLES = "/latest/meta-data/iam/security-credentials/";
    private static final Pattern ACCESS_KEY = Pattern.compile("\"AccessKeyId\"\\s*:\\s*\"([A-Z0-9]+)\"");
    private static final Pattern ABSENT = Pattern.compile("Http code 404|metadata is not found");

    public static void main(String[] arguments) throws Exception {
        Supplier<String> accessKey = arguments.length == 1 && arguments[0].equals("imds")
                ? metadataClient()
                : Client::fromProvider;
        say("{\"client\":\"aws-sdk-java-v2\",\"version\":\"" + VersionInfo.SDK_VERSION + "\"}");
        BufferedReader lines = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            if (line.equals("fetch")) {
                say(fetch(accessKey));
            }
        }
    }

    private static String fromProvider() {
        try (InstanceProfileCredentialsProvider provider = InstanceProfileCredentialsProvider.create()) {
            return provider.resolveCredentials().accessKeyId();
        }
    }

    private static Supplier<String> metadataClient() {
        Ec2MetadataClient.Builder builder = Ec2MetadataClient.builder()
                .httpClient(UrlConnectionHttpClient.builder()
                        .connectionTimeout(Duration.ofSeconds(1))
                        .socketTimeout(Duration.ofSeconds(1))
                        .build())
                .retryPolicy(Ec2MetadataRetryPolicy.none());
        String endpoint = System.getenv("AWS_EC2_METADATA_SERVICE_ENDPOINT");
        if (endpoint != null) {
            builder.endpoint(URI.create(endpoint));
        } else if ("IPv6".equals(System.getenv("AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE"))) {
            builder.endpointMode(EndpointMode.IPV6);
        }
        Ec2MetadataClient client = builder.build();
        return () -> {
            String role = client.get(ROLES).asString().trim();
            Matcher found = ACCESS_KEY.matcher(client.get(ROLES + role).asString());
            if (!found.find()) {
                throw new IllegalStateException("the credential document has no AccessKeyId");
            }
            return found.group(1);
        };
    }

    private static String fetch(Supplier<String> accessKey) {
        try {
            return "{\"ok\":true,\"access_key\":" + quote(accessKey.get()) + "}";
        } catch (SdkClientException | UncheckedIOException | IllegalStateException error) {
            return "{\"ok\":false,\"kind\":\"" + kind(error) + "\",\"error\":" + quote(chain(error)) + "}";
        }
    }

    private static String kind(Throwable error) {
        for (Throwable cause = error; cause != null; cause = cause.getCause()) {
            if (cause instanceof SocketTimeoutException) {
                return "times-out";
            }
        }
        return ABSENT.matcher(chain(error)).find() ? "no-credentials" : "refused";
    }

    private static String chain(Throwable error) {
        StringBuilder text = new StringBuilder();
        for (Throwable cause = error; cause != null; cause = cause.getCause()) {
            text.append(text.length() == 0 ? "" : ": ").append(cause.getMessage());
        }
        return text.toString();
    }

    private static String quote(String text) {
        return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"").replaceAll("\\p{Cntrl}", " ") + '"';
    }

    private static void say(String line) {
        System.out.println(line);
        System.out.flush();
    }
}
