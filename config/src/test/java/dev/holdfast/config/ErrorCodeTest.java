package dev.holdfast.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class ErrorCodeTest {

    /** What has been given out: lines may be added, none may change or go. */
    private static final String GIVEN = """
            HF-0001 INTERNAL_DEFECT
            HF-0101 CONFIGURATION_WRONG
            HF-0102 VIRTUAL_THREADS_MISSING
            HF-0201 FLAG_MISSING
            HF-0202 PLATFORM_UNSUPPORTED
            HF-0203 CHRONICLE_HIDDEN
            HF-0204 NATIVE_ACCESS_DENIED
            HF-0301 DIRECTORY_IN_USE
            HF-0302 NETWORK_FILE_SYSTEM
            HF-0303 PARTITION_COUNT_DIFFERS
            HF-0304 NODE_PROPERTIES_GONE
            HF-0305 NOT_A_DATA_DIRECTORY
            HF-0306 DIRECTORY_NOT_OPENED
            HF-0307 NEWER_FORMAT
            HF-0308 DIRECTORY_NOT_CLOSED
            HF-0309 DIRECTORY_OF_A_MEMBER
            HF-0401 PARTITION_DAMAGED
            HF-0402 NODE_FILE_DAMAGED
            HF-0403 TAIL_SET_ASIDE
            HF-0404 PARTITION_FAILED
            HF-0501 DISK_FULL
            HF-0502 DISK_RESERVE_USED
            HF-0503 DISK_FAILED
            HF-0504 CHECKPOINT_FAILED
            HF-0505 CLOSE_NOT_FORCED
            HF-0506 DISK_HANGS
            HF-0601 CAPACITY_REACHED
            HF-0602 HELD_LIMIT_REACHED
            HF-0603 RESULT_LIMIT_REACHED
            HF-0604 EXECUTOR_SHUT_DOWN
            HF-0605 INBOX_FULL
            HF-0606 TASK_IDS_NOT_RESERVED
            HF-0607 NODE_CLOSED
            HF-0608 TOO_MANY_WAITERS
            HF-0609 SUBMIT_INDETERMINATE
            HF-0610 CALL_INDETERMINATE
            HF-0611 PARTITION_REFUSES
            HF-0612 PARTITION_WITHOUT_LEADER
            HF-0613 CLUSTER_NOT_REACHED
            HF-0615 TOO_MANY_CALLS
            HF-0701 TASK_NOT_SERIALIZABLE
            HF-0702 TASK_TOO_LARGE
            HF-0703 KEY_NOT_USABLE
            HF-0704 CLASS_NOT_ALLOWED
            HF-0705 RESULT_NOT_STORABLE
            HF-0706 RESULT_NOT_READABLE
            HF-0801 TASK_FAILED
            HF-0802 TASK_CANCELLED
            HF-0803 OUTCOME_NOT_STORED
            HF-0804 TASK_NOT_RUN
            HF-0805 NO_THREAD
            HF-0806 OUTCOME_UNKNOWN
            HF-0807 THREADS_LEFT
            HF-0901 CLASS_CHANGED
            HF-0902 CLASS_MISSING
            HF-0903 CLASS_INCOMPATIBLE
            HF-0904 CLASS_NOT_INITIALISED
            HF-0905 PAYLOAD_UNREADABLE
            HF-0910 TASK_QUARANTINED
            HF-1001 RESULT_DISPOSED
            HF-1002 RESULT_EVICTED
            HF-1003 TASK_ID_UNKNOWN
            HF-1004 TASK_ID_LOST
            HF-1005 RESULTS_EVICTED
            HF-1101 ADMIN_SOCKET_FAILED
            HF-1102 NODE_NOT_ANSWERING
            HF-1201 CLUSTER_TOO_SMALL
            HF-1202 CONTROL_PLANE_TRIES_AGAIN
            HF-1203 CONTROL_PLANE_RESTARTED
            HF-1204 CONTROL_PLANE_NOT_CLOSED
            HF-1205 ROW_CHANGE_REFUSED
            HF-1206 REPLICA_MESSAGE_WRONG
            HF-1207 CHECKPOINT_NOT_TAKEN_OVER
            HF-1208 COPY_NOT_TAKEN
            HF-1209 REPLICA_MESSAGE_NOT_SENT
            HF-1211 NOT_A_MEMBER_YET
            HF-1212 MEMBERSHIP_REFUSED
            HF-1213 CLUSTER_NAME_DIFFERS
            HF-1214 MEMBERS_DISAGREE
            HF-1215 RECOVERY_ORDERED
            HF-1220 TOO_FEW_COPIES
            """;

    @Test
    void aCodeOnceGivenKeepsItsMeaning() {
        List<String> now = Arrays.stream(ErrorCode.values())
                .map(code -> code.id() + " " + code.name())
                .toList();
        assertThat(now).containsExactlyElementsOf(GIVEN.lines().toList());
    }

    @Test
    void codesAreOrderedAndEachIsThereOnce() {
        List<String> ids = Arrays.stream(ErrorCode.values()).map(ErrorCode::id).toList();
        assertThat(ids).isSorted().doesNotHaveDuplicates().allMatch(id -> id.matches("HF-[0-9]{4}"));
        assertThat(Arrays.stream(ErrorCode.values()).map(ErrorCode::meaning).collect(Collectors.toSet()))
                .hasSameSizeAs(ids)
                .allMatch(meaning -> !meaning.endsWith(".") && Character.isUpperCase(meaning.charAt(0)));
    }

    @Test
    void aMessageCarriesItsCodeAtTheEndOfItsFirstLine() {
        assertThat(ErrorCode.DIRECTORY_IN_USE.says("It is in use: directory=d; stop that node"))
                .isEqualTo("It is in use: directory=d; stop that node [HF-0301]");
        assertThat(ErrorCode.FLAG_MISSING.says("The flag is missing\n  java -javaagent:x"))
                .isEqualTo("The flag is missing [HF-0201]\n  java -javaagent:x");
        assertThat(ErrorCode.TASK_CANCELLED.says(null))
                .isEqualTo("The task was cancelled, or waiting for it was [HF-0802]");
        assertThat(ErrorCode.TASK_CANCELLED.says("")).endsWith(" [HF-0802]");
    }

    @Test
    void ofAFailureWithinAFailureTheInnerCodeStays() {
        String inner = ErrorCode.PARTITION_DAMAGED.says("Damaged log: offset=7");
        String outer = ErrorCode.PARTITION_REFUSES.says("The partition refuses: problem=" + inner + "; look at it");
        assertThat(outer).isEqualTo("The partition refuses: problem=Damaged log: offset=7 [HF-0401]; look at it");
        assertThat(ErrorCode.in(outer)).contains(ErrorCode.PARTITION_DAMAGED);
    }

    @Test
    void whatIsNoKnownCodeIsNone() {
        assertThat(ErrorCode.in(null)).isEmpty();
        assertThat(ErrorCode.in("HF-0301")).isEmpty();
        assertThat(ErrorCode.in("[HF-9999] [HF-03011] [hf-0301]")).isEmpty();
        assertThat(ErrorCode.DISK_FULL.says("odd [HF-9999]")).isEqualTo("odd [HF-9999] [HF-0501]");
    }

    @Test
    void theCodeOfAFailureIsThatOfItsNearestCauseWithOne() {
        Throwable coded = new IllegalStateException(ErrorCode.NODE_CLOSED.says("The node is closed"));
        assertThat(ErrorCode.of(new RuntimeException("x", new RuntimeException(null, coded))))
                .contains(ErrorCode.NODE_CLOSED);
        assertThat(ErrorCode.of(new RuntimeException())).isEmpty();
        assertThat(ErrorCode.of(null)).isEmpty();
        RuntimeException first = new RuntimeException();
        first.initCause(new RuntimeException(first));
        assertThat(ErrorCode.of(first)).as("a chain that is a ring").isEmpty();
    }

    @Test
    void aCodeSaysWhereItIsExplained() {
        assertThat(ErrorCode.DIRECTORY_IN_USE.help()).isEqualTo("docs/operations.md#hf-0301");
    }

    @Test
    void aConfigurationWithMistakesHasItsCode() {
        ConfigurationException wrong = new ConfigurationException(
                List.of(new Problem("code", "partition-count", "0", "out of range", "1 to 32768", null)));
        assertThat(wrong.code()).isEqualTo(ErrorCode.CONFIGURATION_WRONG);
        assertThat(wrong)
                .hasMessage("The configuration has a mistake: [HF-0101]\n"
                        + "  code: partition-count=0: out of range; allowed: 1 to 32768");
    }
}
