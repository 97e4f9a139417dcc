import { Injectable, type OnModuleInit } from '@nestjs/common';
import { DiscoveryService } from '@nestjs/core';
import { plainToInstance } from 'class-transformer';
import { validate } from 'class-validator';
import { ValidationFailed } from '../http/problems/http.errors.js';
import { fieldProblems } from '../http/validation/validation.pipe.js';
import { StartRefused } from '../runtime/start-refused.js';
import { definitionOf, type RunsTask, type TaskDefinition } from './task.js';

// BullMQ's own.
const MAX_PRIORITY = 2_097_152;

export interface RegisteredTask extends TaskDefinition {
  task: RunsTask;
}

/** Knows every task among the application's providers. */
@Injectable()
export class TaskRegistry implements OnModuleInit {
  private readonly tasks = new Map<string, RegisteredTask>();

  constructor(private readonly discovery: DiscoveryService) {}

  /** Throws when two tasks share a name. */
  onModuleInit(): void {
    for (const { metatype, instance } of this.discovery.getProviders()) {
      const definition = metatype && definitionOf(metatype);
      if (!definition) continue;
      const known = this.tasks.get(definition.name);
      if (known && known.task !== instance) throw new StartRefused(`two tasks are named ${definition.name}`);
      if ((definition.priority ?? 0) > MAX_PRIORITY) {
        throw new StartRefused(`the priority of task ${definition.name} is above ${MAX_PRIORITY}`);
      }
      this.tasks.set(definition.name, { ...definition, task: instance as RunsTask });
    }
  }

  get all(): RegisteredTask[] {
    return [...this.tasks.values()];
  }

  /** Undefined when no class has that name. */
  get(name: string): RegisteredTask | undefined {
    return this.tasks.get(name);
  }

  /** The payload as an instance of the task's own class. Throws `ValidationFailed`, fields named `payload.<field>`. */
  async payloadOf(task: TaskDefinition, payload: object): Promise<object> {
    const instance = plainToInstance(task.payload, payload);
    const options = { whitelist: true, forbidNonWhitelisted: true, forbidUnknownValues: false };
    const errors = await validate(instance, options);
    if (errors.length > 0) throw new ValidationFailed(fieldProblems(errors, 'payload'));
    return instance;
  }
}
