package dev.holdfast.cli.demo;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/**
 * Size, lines and SHA-256 of a file, computed without anything of the task's: what the stored results are held against.
 */
record IndependentDigest(long size, long lines, String sha256) {

    private static final int BUFFER = 1 << 20;
    private static final String HEX = "0123456789abcdef";

    static IndependentDigest of(Path file) throws IOException {
        MessageDigest digest = newDigest();
        long lines = 0;
        long size = 0;
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            ByteBuffer buffer = ByteBuffer.allocate((int) Math.max(1, Math.min(BUFFER, channel.size())));
            while (channel.read(buffer.clear()) >= 0) {
                buffer.flip();
                size += buffer.remaining();
                digest.update(buffer.duplicate());
                while (buffer.hasRemaining()) {
                    if (buffer.get() == '\n') {
                        lines++;
                    }
                }
            }
        }
        StringBuilder hex = new StringBuilder();
        for (byte value : digest.digest()) {
            hex.append(HEX.charAt((value >> 4) & 15)).append(HEX.charAt(value & 15));
        }
        return new IndependentDigest(size, lines, hex.toString());
    }

    private static MessageDigest newDigest() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java platform has SHA-256", e);
        }
    }

    boolean agreesWith(FileDigest result) {
        return result.size() == size
                && result.lines() == lines
                && result.sha256().equals(sha256);
    }
}
