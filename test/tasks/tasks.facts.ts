import { created, type DomainFacts } from '../support/route-facts.js';

const task = { name: 'sample', payload: { message: 'hello' } };
const ended = (status: string) => `UPDATE task SET status = '${status}' WHERE id = {task_id}`;

export const facts: DomainFacts = {
  exported: { task: 'tasks', task_effect: { none: 'only says that an effect of a task has happened' } },
  rows: { task_id: created('/tasks', task) },
  routes: {
    'POST /tasks': { statements: 1, status: 202, body: task, bodyKibibytes: 64 },
    'GET /tasks': { statements: 2, lists: 'task_id' },
    'GET /tasks/{task_id}': { statements: 1 },
    'GET /tasks/{task_id}/events': { statements: 2, before: ended('completed') },
    'DELETE /tasks/{task_id}': { statements: 3, status: 204 },
    'GET /admin/tasks': { statements: 2, as: 'superuser', lists: 'task_id' },
    'GET /admin/tasks/{task_id}': { statements: 1, as: 'superuser' },
    'POST /admin/tasks/{task_id}/retry': { statements: 6, as: 'superuser', before: ended('failed') },
    'DELETE /admin/tasks/{task_id}': { statements: 3, as: 'superuser', status: 204 },
  },
};
