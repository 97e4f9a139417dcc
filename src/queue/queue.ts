export const QUEUE = 'tasks';

/** What is stored with a queued task. */
export interface TaskData {
  owner_user_id: number | null;
  payload: object;
}
