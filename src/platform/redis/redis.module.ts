import { Module } from '@nestjs/common';
import { RedisConnection } from './redis-connection.js';

/** The one connection of a process to the Redis that processes share. */
@Module({ providers: [RedisConnection], exports: [RedisConnection] })
export class RedisModule {}
