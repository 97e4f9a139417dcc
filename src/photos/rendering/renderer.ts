import { fork } from 'node:child_process';
import { Injectable } from '@nestjs/common';
import { Counter } from 'prom-client';
import { Probes } from '../../platform/health/probes.js';
import type { SentFile } from '../../platform/http/requests/file-bodies.js';
import { MalformedRequest } from '../../platform/http/problems/http.errors.js';
import { Semaphore } from '../../platform/runtime/semaphore.js';
import { BrokenPhoto, NoPhoto, PhotoTooComplex, TooManyPhotos } from '../photos.errors.js';
import { type Outcome, type Refusal, type Rendered, TOO_COSTLY } from './rendering.js';

const PROGRAM = new URL('./render.process.js', import.meta.url);
// What a file costs is bounded in the process itself; this is for a machine that has no time for it.
const MILLISECONDS = 10_000;
const WAIT_MILLISECONDS = 3_000;
const WAITING = 8;
const HEAP_MEGABYTES = 64;

const PROBLEMS: Record<Refusal, () => Error> = {
  form: () => new MalformedRequest('The form must have one part, which is a file.'),
  type: () => new NoPhoto(),
  broken: () => new BrokenPhoto(),
  complex: () => new PhotoTooComplex(),
};

/** Renders one photo at a time, each in a process of its own; a few others wait for their turn. */
@Injectable()
export class Renderer {
  private readonly queue = new Semaphore(1, WAIT_MILLISECONDS, () => new TooManyPhotos());
  private readonly counter: Counter;
  private inside = 0;

  constructor({ registry }: Probes) {
    const [name, help] = ['photos_rendered_total', 'Files that were sent as photos, by what became of them'];
    this.counter = new Counter({ name, help, labelNames: ['outcome'], registers: [registry] });
  }

  /**
   * @param load gives the file when its turn has come
   * @throws TooManyPhotos, NoPhoto, BrokenPhoto, PhotoTooComplex, MalformedRequest
   */
  async render(load: () => Promise<SentFile>): Promise<Rendered> {
    if (this.inside > WAITING) throw new TooManyPhotos();
    this.inside++;
    try {
      return await this.queue.run(async () => this.told(await this.outcomeOf(await load())));
    } finally {
      this.inside--;
    }
  }

  private told(outcome: Outcome): Rendered {
    const refusal = 'refused' in outcome ? outcome.refused : undefined;
    this.counter.inc({ outcome: refusal ?? 'rendered' });
    if ('refused' in outcome) throw PROBLEMS[outcome.refused]();
    return outcome.rendered;
  }

  /** A process that is ended, by itself or the system, was given a file that costs too much, or that breaks a decoder. */
  private outcomeOf(sent: SentFile): Promise<Outcome> {
    const child = fork(PROGRAM, {
      execArgv: [`--max-old-space-size=${HEAP_MEGABYTES}`],
      env: { VIPS_CONCURRENCY: '1' },
      serialization: 'advanced',
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    });
    let timer: NodeJS.Timeout;
    return new Promise<Outcome>((done, fail) => {
      timer = setTimeout(() => fail(new TooManyPhotos()), MILLISECONDS);
      child.once('message', (outcome) => done(outcome as Outcome));
      child.once('error', fail);
      child.once('exit', (code, signal) => {
        if (signal || code === TOO_COSTLY) done({ refused: 'complex' });
        else fail(new Error(`The process of a photo has ended with ${code}`));
      });
      // One that has ended already says so itself.
      child.send(sent, () => undefined);
    }).finally(() => {
      clearTimeout(timer);
      child.kill('SIGKILL');
    });
  }
}
