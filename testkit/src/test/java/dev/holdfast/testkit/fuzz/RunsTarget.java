package dev.holdfast.testkit.fuzz;

import dev.holdfast.storage.log.Epoch;
import dev.holdfast.storage.log.LogEnd;
import dev.holdfast.storage.log.Lsn;
import dev.holdfast.storage.log.ReplicatedRun;
import dev.holdfast.storage.log.frame.RunParser;
import dev.holdfast.storage.log.frame.UnreadableRecordException;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;

/** A run of another replica, its checksums in order. */
final class RunsTarget {

    private static final RunParser PARSER = new RunParser(Documents.PARTITION, 64);

    private RunsTarget() {}

    static void take(byte[] input) throws IOException {
        Documents documents = Documents.of(input);
        if (documents.lastPosition() == 0) {
            return; // it is no run
        }
        LogEnd after =
                new LogEnd(new Lsn(documents.lastPosition()), new Epoch(Documents.FILE_NUMBER), documents.lastHash());
        ReplicatedRun run = new ReplicatedRun(LogEnd.EMPTY, after, documents.bytes());
        List<RunParser.Part> parts;
        try {
            parts = PARSER.parse(run);
        } catch (IllegalArgumentException | UnreadableRecordException e) {
            return; // it is none of this partition's, or a newer version's
        }
        Documents copy = new Documents();
        for (RunParser.Part part : parts) {
            long unused = PARSER.write(run, part, copy);
        }
        Target.check(Arrays.equals(copy.bytes(), documents.bytes()), "not the same bytes");
    }
}
