import dev.holdfast.*;
import java.nio.file.*;

class Hello {
    public static void main(String[] arguments) throws Exception {
        Path note = Path.of("task-id");
        var executor = Holdfast.newInstance().getDurableExecutorService("hello");
        if (Files.notExists(note)) {
            long taskId = executor.submit(() -> "Hello from process " + ProcessHandle.current().pid()).getTaskId();
            Files.writeString(note, Long.toString(taskId));
            Runtime.getRuntime().halt(137); // as dead as by kill -9
        }
        System.out.println(executor.retrieveResult(Long.parseLong(Files.readString(note))).get());
    }
}
