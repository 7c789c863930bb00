package dev.holdfast.node.remote;

import dev.holdfast.node.ledger.Reply;
import dev.holdfast.node.ledger.TaskEntry;
import dev.holdfast.node.partition.Execution.Running;
import dev.holdfast.node.partition.PartitionAccess;
import dev.holdfast.node.partition.PartitionAccess.TaskStatus;
import dev.holdfast.replication.transport.Body;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Answers to queries, of a partition that is led here. By threads that may read the disk. */
final class QueryAnswers {

    /** Entries of a page: what a caller that stops early has asked for in vain. */
    static final int PAGE_ENTRIES = 512;

    /** After which a page ends: far below the smallest {@code network.max-frame}. */
    private static final int PAGE_BYTES = 256 * 1024;

    private QueryAnswers() {}

    static Body answer(PartitionAccess partition, Query query) {
        String problem = partition.problem();
        if (problem != null) {
            return Answer.refuses(
                    Reply.Refusal.PARTITION,
                    "The partition refuses: partition=" + partition.id() + ", problem=" + problem);
        }
        return switch (query.type()) {
            case STATUS -> status(partition.status(query.sequence()));
            case STALENESS -> {
                Reply.Staleness why = partition.staleness(executor(query), query.sequence());
                yield Answer.here(0, out -> out.u8(why.ordinal()));
            }
            case BODY -> body(partition, query);
            case PAGE -> page(partition, query);
            case EXECUTOR -> {
                PartitionAccess.ExecutorView view = partition.executor(executor(query));
                yield Answer.here(0, out -> EntryCodec.writeView(out, view));
            }
            case RUNNING -> running(partition.running(executor(query)));
            case EXECUTORS -> {
                List<String> names = partition.executors();
                yield Answer.here(0, out -> {
                    out.i32(names.size());
                    names.forEach(out::text);
                });
            }
            case INTERRUPT -> {
                partition.interrupt(query.sequence());
                yield Answer.here(0, out -> {});
            }
        };
    }

    private static String executor(Query query) {
        return Objects.requireNonNull(query.executor());
    }

    private static Body status(@Nullable TaskStatus status) {
        return Answer.here(0, out -> {
            out.flag(status != null);
            if (status != null) {
                EntryCodec.writeStatus(out, status);
            }
        });
    }

    private static Body body(PartitionAccess partition, Query query) {
        TaskEntry entry = partition.find(query.sequence());
        byte[] bytes = entry == null ? null : ResultBytes.read(partition, entry, Objects.requireNonNull(query.part()));
        return Answer.here(bytes == null ? 0 : bytes.length, out -> {
            out.flag(bytes != null);
            if (bytes != null) {
                out.bytes(bytes);
            }
        });
    }

    private static Body page(PartitionAccess partition, Query query) {
        String executor = query.executor();
        Stream<TaskStatus> all = executor == null
                ? partition.entries().map(entry -> new TaskStatus(entry, null))
                : partition.statuses(executor);
        try (all) {
            Iterator<TaskStatus> left = all.filter(status -> status.entry().sequence() > query.sequence())
                    .iterator();
            return Answer.here(PAGE_BYTES, out -> writePage(out, left));
        }
    }

    /** Each entry with a flag before it; at the end, whether there are more. */
    private static void writePage(WireWriter out, Iterator<TaskStatus> left) {
        int count = 0;
        while (left.hasNext() && count < PAGE_ENTRIES && out.size() < PAGE_BYTES) {
            out.flag(true);
            EntryCodec.writeStatus(out, left.next());
            count++;
        }
        out.flag(false).flag(left.hasNext());
    }

    /** What {@link #page} wrote. */
    record Page(List<TaskStatus> entries, boolean more) {

        static Page read(WireReader in) {
            List<TaskStatus> entries = new ArrayList<>();
            while (in.flag()) {
                entries.add(EntryCodec.readStatus(in));
            }
            return new Page(entries, in.flag());
        }
    }

    private static Body running(List<Running> running) {
        return Answer.here(0, out -> {
            out.i32(running.size());
            running.forEach(attempt -> EntryCodec.writeRunning(out, attempt));
        });
    }
}
