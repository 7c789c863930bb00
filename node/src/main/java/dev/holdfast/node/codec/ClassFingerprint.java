package dev.holdfast.node.codec;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Collection;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Tells whether a class is the one it was at submission. Lambdas and anonymous classes are numbered by the compiler: after a
 * recompilation the same name can stand for another body, and serialisation notices nothing. The hash of the class file
 * does. It is taken as the file is when it is first asked for; a file that is replaced under a running JVM before its first
 * lambda is submitted is the one thing it can not tell.
 *
 * <p>Classes of the JDK are left out: an update of the JDK changes their files and must not hold every task that has a
 * {@code Comparator.comparing} in it.
 */
final class ClassFingerprint {

    private static final int HEX_DIGITS = 32;

    /** Hash of the class file, or empty where there is none to read. Falls with its class. */
    private static final ClassValue<byte[]> FILES = new ClassValue<>() {
        @Override
        protected byte[] computeValue(Class<?> type) {
            return hashFile(type);
        }
    };

    /** The fingerprint of one class alone, as nearly every lambda has it; empty where its file can't be read. */
    private static final ClassValue<String> SINGLE = new ClassValue<>() {
        @Override
        protected String computeValue(Class<?> type) {
            String computed = compute(List.of(type));
            return computed == null ? "" : computed;
        }
    };

    private static final ClassValue<Boolean> NEEDED = new ClassValue<>() {
        @Override
        protected Boolean computeValue(Class<?> type) {
            return !type.isArray() && !isOfJdk(type) && type.isAnonymousClass();
        }
    };

    private ClassFingerprint() {}

    static boolean isNeededFor(Class<?> type) {
        return NEEDED.get(type);
    }

    static boolean isOfJdk(Class<?> type) {
        ClassLoader loader = type.getClassLoader();
        return loader == null || loader == ClassLoader.getPlatformClassLoader();
    }

    /** One fingerprint over all of {@code types}, which come in the order of their names; null if a file can't be read. */
    static @Nullable String of(Collection<Class<?>> types) {
        if (types.size() > 1) {
            return compute(types);
        }
        String single = SINGLE.get(types.iterator().next());
        return single.isEmpty() ? null : single;
    }

    private static @Nullable String compute(Collection<Class<?>> types) {
        MessageDigest all = sha256();
        for (Class<?> type : types) {
            byte[] file = FILES.get(type);
            if (file.length == 0) {
                return null;
            }
            all.update(type.getName().getBytes(StandardCharsets.UTF_8));
            all.update(file);
        }
        return HexFormat.of().formatHex(all.digest()).substring(0, HEX_DIGITS);
    }

    private static byte[] hashFile(Class<?> type) {
        String file = type.getName().replace('.', '/') + ".class";
        ClassLoader loader = type.getClassLoader();
        try (InputStream in =
                loader == null ? ClassLoader.getSystemResourceAsStream(file) : loader.getResourceAsStream(file)) {
            return in == null ? new byte[0] : sha256().digest(in.readAllBytes());
        } catch (IOException e) {
            return new byte[0];
        }
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("This JVM has no SHA-256, which every JVM must have", e);
        }
    }
}
