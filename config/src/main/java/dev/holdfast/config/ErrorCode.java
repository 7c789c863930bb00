package dev.holdfast.config;

import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What went wrong, as a code that never changes: messages of exceptions, log lines and reasons of held tasks carry it in
 * brackets, such as {@code [HF-0301]}, and {@code docs/operations.md} has an anchor for each, {@code #hf-0301}.
 *
 * <p>The code is part of the text and of nothing else, so that it survives whatever carries texts only: a log, a task's
 * stored failure, the console's socket, somebody's ticket. A message has one code: of a failure within a failure the inner,
 * more specific one.
 *
 * <p>A code is given once: what it means does not change, and a code that is not used any more is not given again.
 */
public enum ErrorCode {
    /** Something that can not happen has happened: a defect of Holdfast, or of the machine. */
    INTERNAL_DEFECT("HF-0001", "Something that can not happen has happened: a defect of Holdfast, or of the machine"),

    /** The configuration has mistakes; nothing was started. */
    CONFIGURATION_WRONG("HF-0101", "The configuration has mistakes; nothing was started"),
    /** This Java has no virtual threads; tasks run on platform threads. */
    VIRTUAL_THREADS_MISSING("HF-0102", "This Java has no virtual threads; tasks run on platform threads"),

    /** The JVM was started without the one flag that the storage needs. */
    FLAG_MISSING("HF-0201", "The JVM was started without the one flag that the storage needs"),
    /** The storage does not run on this Java, operating system or processor. */
    PLATFORM_UNSUPPORTED("HF-0202", "The storage does not run on this Java, operating system or processor"),
    /** The storage can not see the classes of Chronicle Queue. */
    CHRONICLE_HIDDEN("HF-0203", "The storage can not see the classes of Chronicle Queue"),
    /** The JVM does not let the storage call the operating system. */
    NATIVE_ACCESS_DENIED("HF-0204", "The JVM does not let the storage call the operating system"),

    /** Another process, or another node of this one, has the data directory open. */
    DIRECTORY_IN_USE("HF-0301", "Another process, or another node of this one, has the data directory open"),
    /** The data directory is on a network file system. */
    NETWORK_FILE_SYSTEM("HF-0302", "The data directory is on a network file system"),
    /** The data directory was made with another partition count. */
    PARTITION_COUNT_DIFFERS("HF-0303", "The data directory was made with another partition count"),
    /** The data directory holds logs, but its node.properties is gone. */
    NODE_PROPERTIES_GONE("HF-0304", "The data directory holds logs, but its node.properties is gone"),
    /** This is no data directory of Holdfast. */
    NOT_A_DATA_DIRECTORY("HF-0305", "This is no data directory of Holdfast"),
    /** The operating system did not let the data directory be opened. */
    DIRECTORY_NOT_OPENED("HF-0306", "The operating system did not let the data directory be opened"),
    /** A newer version of Holdfast wrote this. */
    NEWER_FORMAT("HF-0307", "A newer version of Holdfast wrote this"),
    /** The data directory could not be closed in order. */
    DIRECTORY_NOT_CLOSED("HF-0308", "The data directory could not be closed in order"),
    /** The data directory belongs to a member of a cluster. */
    DIRECTORY_OF_A_MEMBER("HF-0309", "The data directory belongs to a member of a cluster"),

    /** The log of a partition holds something else than what was written. */
    PARTITION_DAMAGED("HF-0401", "The log of a partition holds something else than what was written"),
    /** One of the node's own files holds something else than what was written. */
    NODE_FILE_DAMAGED("HF-0402", "One of the node's own files holds something else than what was written"),
    /** The end of a log was not whole after a crash and was set aside. */
    TAIL_SET_ASIDE("HF-0403", "The end of a log was not whole after a crash and was set aside"),
    /** A partition stopped because of an unexpected failure; the others go on. */
    PARTITION_FAILED("HF-0404", "A partition stopped because of an unexpected failure; the others go on"),
    /** A copy of a partition was of no use and was set aside; it is learnt again from the others. */
    COPY_SET_ASIDE("HF-0405", "A copy of a partition was of no use and was set aside; it is learnt again from the others"),
    /** A copy of a partition is damaged again and again, and is left out. */
    COPY_LEFT_OUT("HF-0406", "A copy of a partition is damaged again and again, and is left out"),

    /** The disk has no room for more tasks; submits are refused, everything else goes on. */
    DISK_FULL("HF-0501", "The disk has no room for more tasks; submits are refused, everything else goes on"),
    /** The disk has no room even for the ends of tasks, which wait. */
    DISK_RESERVE_USED("HF-0502", "The disk has no room even for the ends of tasks, which wait"),
    /** The disk failed a write or a force; the node stops. */
    DISK_FAILED("HF-0503", "The disk failed a write or a force; the node stops"),
    /** A checkpoint could not be written; the log keeps growing until one can. */
    CHECKPOINT_FAILED("HF-0504", "A checkpoint could not be written; the log keeps growing until one can"),
    /** Not everything could be forced when the node was closed. */
    CLOSE_NOT_FORCED("HF-0505", "Not everything could be forced when the node was closed"),
    /** The disk does not answer. */
    DISK_HANGS("HF-0506", "The disk does not answer"),

    /** The executor has as many unfinished tasks in this partition as it may. */
    CAPACITY_REACHED("HF-0601", "The executor has as many unfinished tasks in this partition as it may"),
    /** The executor has as many parked and quarantined tasks as it may. */
    HELD_LIMIT_REACHED("HF-0602", "The executor has as many parked and quarantined tasks as it may"),
    /** The executor stores as many results as it may, and is set to refuse more. */
    RESULT_LIMIT_REACHED("HF-0603", "The executor stores as many results as it may, and is set to refuse more"),
    /** The executor is shut down. */
    EXECUTOR_SHUT_DOWN("HF-0604", "The executor is shut down"),
    /** Too many submits wait for their commit. */
    INBOX_FULL("HF-0605", "Too many submits wait for their commit"),
    /** The reserved task ids are used up, and more are being reserved. */
    TASK_IDS_NOT_RESERVED("HF-0606", "The reserved task ids are used up, and more are being reserved"),
    /** The node is closed. */
    NODE_CLOSED("HF-0607", "The node is closed"),
    /** Too many calls wait for results on this node. */
    TOO_MANY_WAITERS("HF-0608", "Too many calls wait for results on this node"),
    /** No answer in time: the task may be stored. */
    SUBMIT_INDETERMINATE("HF-0609", "No answer in time: the task may be stored"),
    /** No answer in time: the call may have taken effect. */
    CALL_INDETERMINATE("HF-0610", "No answer in time: the call may have taken effect"),
    /** The partition takes nothing. */
    PARTITION_REFUSES("HF-0611", "The partition takes nothing"),
    /** No node leads the partition at the moment. */
    PARTITION_WITHOUT_LEADER("HF-0612", "No node leads the partition at the moment"),
    /** No member of the cluster answers the client. */
    CLUSTER_NOT_REACHED("HF-0613", "No member of the cluster answers the client"),
    /** Too many calls of a remote caller, or of all of them, are unanswered. */
    TOO_MANY_CALLS("HF-0615", "Too many calls of a remote caller, or of all of them, are unanswered"),

    /** The task can not be serialised. */
    TASK_NOT_SERIALIZABLE("HF-0701", "The task can not be serialised"),
    /** The task is larger, or nested deeper, than can be stored. */
    TASK_TOO_LARGE("HF-0702", "The task is larger, or nested deeper, than can be stored"),
    /** The key has no stable bytes, or too many. */
    KEY_NOT_USABLE("HF-0703", "The key has no stable bytes, or too many"),
    /** A class is not on the allow-list. */
    CLASS_NOT_ALLOWED("HF-0704", "A class is not on the allow-list"),
    /** What the task returned can not be stored. */
    RESULT_NOT_STORABLE("HF-0705", "What the task returned can not be stored"),
    /** A stored result can not be decoded here; its bytes stay. */
    RESULT_NOT_READABLE("HF-0706", "A stored result can not be decoded here; its bytes stay"),

    /** The task threw; its throwable can not be rebuilt here. */
    TASK_FAILED("HF-0801", "The task threw; its throwable can not be rebuilt here"),
    /** The task was cancelled, or waiting for it was. */
    TASK_CANCELLED("HF-0802", "The task was cancelled, or waiting for it was"),
    /** The outcome of a task could not be stored; the task runs again. */
    OUTCOME_NOT_STORED("HF-0803", "The outcome of a task could not be stored; the task runs again"),
    /** A task could not be run; it stays stored. */
    TASK_NOT_RUN("HF-0804", "A task could not be run; it stays stored"),
    /** The system gave no thread for a task. */
    NO_THREAD("HF-0805", "The system gave no thread for a task"),
    /** The node stopped answering before the task ended. */
    OUTCOME_UNKNOWN("HF-0806", "The node stopped answering before the task ended"),
    /** Tasks did not end when they were interrupted at the close. */
    THREADS_LEFT("HF-0807", "Tasks did not end when they were interrupted at the close"),

    /** The class file behind a task changed since it was submitted; the task is parked. */
    CLASS_CHANGED("HF-0901", "The class file behind a task changed since it was submitted; the task is parked"),
    /** A class of a task is missing; the task is parked. */
    CLASS_MISSING("HF-0902", "A class of a task is missing; the task is parked"),
    /** A class of a task does not fit what was stored; the task is parked. */
    CLASS_INCOMPATIBLE("HF-0903", "A class of a task does not fit what was stored; the task is parked"),
    /** A class of a task does not load or initialise; the task is parked. */
    CLASS_NOT_INITIALISED("HF-0904", "A class of a task does not load or initialise; the task is parked"),
    /** A task's payload can not be read; the task is parked. */
    PAYLOAD_UNREADABLE("HF-0905", "A task's payload can not be read; the task is parked"),
    /** The process died too often while a task ran; the task is quarantined. */
    TASK_QUARANTINED("HF-0910", "The process died too often while a task ran; the task is quarantined"),

    /** The result of this task id was disposed of. */
    RESULT_DISPOSED("HF-1001", "The result of this task id was disposed of"),
    /** The result of this task id was removed by the executor's result-retention. */
    RESULT_EVICTED("HF-1002", "The result of this task id was removed by the executor's result-retention"),
    /** This task id was never issued by this executor. */
    TASK_ID_UNKNOWN("HF-1003", "This task id was never issued by this executor"),
    /** This task id was, or may have been, issued before stored data was lost. */
    TASK_ID_LOST("HF-1004", "This task id was, or may have been, issued before stored data was lost"),
    /** The oldest results were removed to make room. */
    RESULTS_EVICTED("HF-1005", "The oldest results were removed to make room"),

    /** The node runs, but the console can not see it while it does. */
    ADMIN_SOCKET_FAILED("HF-1101", "The node runs, but the console can not see it while it does"),
    /** The node did not answer the console. */
    NODE_NOT_ANSWERING("HF-1102", "The node did not answer the console"),

    /** Fewer members are there than the executor's split-brain protection demands. */
    CLUSTER_TOO_SMALL("HF-1201", "Fewer members are there than the executor's split-brain protection demands"),
    /** The control plane could not do something that it does by itself, and tries again. */
    CONTROL_PLANE_TRIES_AGAIN(
            "HF-1202", "The control plane could not do something that it does by itself, and tries again"),
    /** The control plane's server had stopped by itself, and was started again. */
    CONTROL_PLANE_RESTARTED("HF-1203", "The control plane's server had stopped by itself, and was started again"),
    /** The control plane could not be closed in order. */
    CONTROL_PLANE_NOT_CLOSED("HF-1204", "The control plane could not be closed in order"),
    /** The control table refused a change that a replica had proposed. */
    ROW_CHANGE_REFUSED("HF-1205", "The control table refused a change that a replica had proposed"),
    /** A replica said something that it can not say; the message was dropped. */
    REPLICA_MESSAGE_WRONG("HF-1206", "A replica said something that it can not say; the message was dropped"),
    /** A checkpoint from another replica could not be taken over, and is asked for again. */
    CHECKPOINT_NOT_TAKEN_OVER(
            "HF-1207", "A checkpoint from another replica could not be taken over, and is asked for again"),
    /** What another replica has could not be appended or truncated here, and is tried again. */
    COPY_NOT_TAKEN("HF-1208", "What another replica has could not be appended or truncated here, and is tried again"),
    /** A message to another replica was dropped, and would be again. */
    REPLICA_MESSAGE_NOT_SENT("HF-1209", "A message to another replica was dropped, and would be again"),
    /** The node is no member of its cluster yet, and waits for other nodes. */
    NOT_A_MEMBER_YET("HF-1211", "The node is no member of its cluster yet, and waits for other nodes"),
    /** The node can not become a member as it is. */
    MEMBERSHIP_REFUSED("HF-1212", "The node can not become a member as it is"),
    /** A node of another cluster name answers at the address of a member. */
    CLUSTER_NAME_DIFFERS("HF-1213", "A node of another cluster name answers at the address of a member"),
    /** Members have different values of a setting that they have to agree on. */
    MEMBERS_DISAGREE("HF-1214", "Members have different values of a setting that they have to agree on"),
    /** An administrator had a partition go on from one replica and accepted the loss of what only others had. */
    RECOVERY_ORDERED(
            "HF-1215",
            "An administrator had a partition go on from one replica and accepted the loss of what only others had"),
    /** Fewer members hold the partition than {@code replication.min-in-sync}; submits are refused. */
    TOO_FEW_COPIES(
            "HF-1220", "Fewer members hold the partition than replication.min-in-sync demands; submits are refused");

    /** The page that has an anchor for each code. */
    public static final String PAGE = "docs/operations.md";

    private static final Pattern IN_TEXT = Pattern.compile("\\[(HF-[0-9]{4})]");
    private static final int MOST_CAUSES = 50;
    private static final Map<String, ErrorCode> BY_ID =
            Arrays.stream(values()).collect(Collectors.toUnmodifiableMap(ErrorCode::id, Function.identity()));

    private final String id;
    private final String meaning;

    ErrorCode(String id, String meaning) {
        this.id = id;
        this.meaning = meaning;
    }

    /** {@return such as {@code HF-0301}; never changes} */
    public String id() {
        return id;
    }

    /** {@return one sentence, without its full stop} */
    public String meaning() {
        return meaning;
    }

    /** {@return where it is explained: {@code docs/operations.md#hf-0301}} */
    public String help() {
        return PAGE + "#" + id.toLowerCase(Locale.ROOT);
    }

    /**
     * {@code message} with this code at the end of its first line, unless it has a code already: that one is nearer.
     *
     * @param message any text; null for none
     * @return the message with a code
     */
    public String says(@Nullable String message) {
        if (message == null || message.isEmpty()) {
            return meaning + " [" + id + "]";
        }
        if (in(message).isPresent()) {
            return message;
        }
        int end = message.indexOf('\n');
        return end < 0
                ? message + " [" + id + "]"
                : message.substring(0, end) + " [" + id + "]" + message.substring(end);
    }

    /**
     * The code that {@code message} carries: the last one of those known.
     *
     * @param message any text; null for none
     * @return empty if it has none
     */
    public static Optional<ErrorCode> in(@Nullable String message) {
        ErrorCode found = null;
        if (message != null) {
            Matcher matcher = IN_TEXT.matcher(message);
            while (matcher.find()) {
                ErrorCode known = BY_ID.get(matcher.group(1));
                found = known == null ? found : known;
            }
        }
        return Optional.ofNullable(found);
    }

    /**
     * The code in the message of {@code failure}, else of the nearest of its causes that has one.
     *
     * @param failure any; null for none
     * @return empty if none has one
     */
    public static Optional<ErrorCode> of(@Nullable Throwable failure) {
        Throwable cause = failure;
        for (int i = 0; cause != null && i < MOST_CAUSES; i++) {
            Optional<ErrorCode> code = in(cause.getMessage());
            if (code.isPresent()) {
                return code;
            }
            cause = cause.getCause();
        }
        return Optional.empty();
    }
}
