import java.io.FileInputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.TrustManagerFactory;

/** Signs in as the Java libraries do: the key manager picks the certificate by what the server says that it accepts. */
class Client {
  public static void main(String[] given) throws Exception {
    String url = given[0];
    char[] password = "none".toCharArray();
    KeyStore own = KeyStore.getInstance("PKCS12");
    own.load(null, null);
    own.setKeyEntry("own", key(given[3]), password, new Certificate[] {certificate(given[2])});
    KeyStore trusted = KeyStore.getInstance("PKCS12");
    trusted.load(null, null);
    trusted.setCertificateEntry("authority", certificate(given[1]));
    KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    keys.init(own, password);
    TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trust.init(trusted);
    for (String version : new String[] {"TLSv1.2", "TLSv1.3"}) {
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(keys.getKeyManagers(), trust.getTrustManagers(), null);
      SSLParameters parameters = new SSLParameters();
      parameters.setProtocols(new String[] {version});
      for (String what : new String[] {"new", "again"}) {
        HttpClient client = HttpClient.newBuilder().sslContext(context).sslParameters(parameters).build();
        HttpRequest request = HttpRequest.newBuilder(URI.create(url)).header("x-ms-version", "2014-10-01").build();
        System.out.println(version + " " + what + " " + client.send(request, BodyHandlers.ofString()).statusCode());
      }
    }
  }

  private static Certificate certificate(String path) throws Exception {
    try (FileInputStream file = new FileInputStream(path)) {
      return CertificateFactory.getInstance("X.509").generateCertificate(file);
    }
  }

  private static java.security.PrivateKey key(String path) throws Exception {
    String base64 = Files.readString(Path.of(path)).replaceAll("-----[A-Z ]+-----|\\s", "");
    return KeyFactory.getInstance("RSA").generatePrivate(new PKCS8EncodedKeySpec(Base64.getDecoder().decode(base64)));
  }
}
