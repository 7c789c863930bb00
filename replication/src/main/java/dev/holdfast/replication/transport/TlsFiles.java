package dev.holdfast.replication.transport;

import java.nio.file.Path;

/**
 * TLS 1.3 with a certificate on both sides; PEM files, read when the transport starts.
 *
 * @param certificates our certificate, then those that vouch for it
 * @param privateKey PKCS #8, without a password
 * @param trusted whose certificates are accepted
 */
public record TlsFiles(Path certificates, Path privateKey, Path trusted) {}
