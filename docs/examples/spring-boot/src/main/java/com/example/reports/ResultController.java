package com.example.reports;

import dev.holdfast.DurableExecutorService;
import dev.holdfast.TaskInfo;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RestController;

@RestController
class ResultController {

    private final DurableExecutorService reports;

    ResultController(DurableExecutorService reports) {
        this.reports = reports;
    }

    /** 200 with the result, 202 with the state of a task that has not ended, 404 if there is none of that id. */
    @GetMapping("/results/{taskId}")
    ResponseEntity<String> result(@PathVariable long taskId) throws ExecutionException, InterruptedException {
        Optional<TaskInfo> task = reports.getTask(taskId);
        if (task.isEmpty()) {
            return ResponseEntity.notFound().build();
        }
        if (!task.get().state().isTerminal()) {
            return ResponseEntity.accepted().body(task.get().state() + "\n");
        }
        return ResponseEntity.status(HttpStatus.OK)
                .body(reports.<String>retrieveResult(taskId).get() + "\n");
    }
}
