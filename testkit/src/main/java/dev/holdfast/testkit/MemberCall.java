package dev.holdfast.testkit;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * What a test's cluster asks of a member in a process of its own: a word and texts, and texts as the answer, over one
 * connection that the member makes.
 */
enum MemberCall {
    /** Pairs of addresses: who listens at the first is reached through the second. */
    ROUTES,
    /** Milliseconds by which the clock is set forward. */
    ADVANCE,
    /** Become a member. */
    BEGIN,
    /** The names of the members that should be there; answered by what is not as it should be. */
    PROBLEMS,
    /** The number of a partition; answered by the name of who leads it and the partition's epoch. */
    LEAD,
    /** Milliseconds at most; answered by "true" or "false". */
    LEAVE,
    /** End in order. */
    STOP;

    void write(DataOutputStream out, List<String> texts) throws IOException {
        out.writeUTF(name());
        writeTexts(out, texts);
    }

    static void writeTexts(DataOutputStream out, List<String> texts) throws IOException {
        out.writeInt(texts.size());
        for (String text : texts) {
            out.writeUTF(text);
        }
        out.flush();
    }

    static List<String> readTexts(DataInputStream in) throws IOException {
        int count = in.readInt();
        List<String> texts = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            texts.add(in.readUTF());
        }
        return texts;
    }
}
