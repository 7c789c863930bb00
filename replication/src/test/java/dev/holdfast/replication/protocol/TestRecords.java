package dev.holdfast.replication.protocol;

import java.util.List;

/** Records that are their names. */
record TestRecords(List<String> names) implements Records {

    static TestRecords of(String... names) {
        return new TestRecords(List.of(names));
    }

    @Override
    public int count() {
        return names.size();
    }

    @Override
    public long bytes() {
        return 100L * names.size();
    }
}
