import { Injectable, type OnModuleInit } from '@nestjs/common';
import { DiscoveryService } from '@nestjs/core';
import { UnrecoverableError } from 'bullmq';
import { plainToInstance } from 'class-transformer';
import { validate } from 'class-validator';
import { ValidationFailed } from '../http/http.errors.js';
import { fieldProblems } from '../http/validation.pipe.js';
import { type RunsTask, TASK, type TaskDefinition } from './task.js';

interface RegisteredTask extends TaskDefinition {
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
      const definition = metatype && (Reflect.getMetadata(TASK, metatype) as TaskDefinition | undefined);
      if (!definition) continue;
      if (this.tasks.has(definition.name)) throw new Error(`Two tasks are named ${definition.name}`);
      this.tasks.set(definition.name, { ...definition, task: instance as RunsTask });
    }
  }

  /** Throws when nobody has a task of that name; trying again does not bring it back. */
  get(name: string): RegisteredTask {
    const task = this.tasks.get(name);
    if (!task) throw new UnrecoverableError(`There is no task named ${name}`);
    return task;
  }

  /** The names that clients may queue. */
  publicNames(): string[] {
    return [...this.tasks.values()].filter((task) => task.public).map(({ name }) => name);
  }

  /** The payload as an instance of the task's own class. Throws `ValidationFailed`, fields named `payload.<field>`. */
  async payloadOf(name: string, payload: object): Promise<object> {
    const instance = plainToInstance(this.get(name).payload, payload);
    const errors = await validate(instance, { whitelist: true, forbidNonWhitelisted: true, stopAtFirstError: true });
    if (errors.length > 0) throw new ValidationFailed(fieldProblems(errors, 'payload'));
    return instance;
  }
}
