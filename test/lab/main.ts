/** The API with the lab. */
import { extend } from './extend.js';
// Before the root module: the queues are those of the tasks that are known when it is evaluated.
import { LabModule } from './lab.module.js';
import { AppModule } from '../../src/app.module.js';

extend(AppModule, LabModule);
await import('../../src/main.js');
