import { Body, Controller, Get, Param, Post, Put, Res } from '@nestjs/common';
import { ApiProperty, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { Invalidates } from '../../../src/platform/cache/cached.js';
import { type Caller, CurrentCaller } from '../../../src/platform/http/access/caller.js';
import { IdOr } from '../../../src/platform/http/requests/path-ids.js';
import { Responds } from '../../../src/platform/http/responses/response-docs.js';
import { Idempotent } from '../../../src/platform/idempotency/idempotent.js';
import { LabProductWritesService } from './product-writes.service.js';
import {
  LabProductBatch,
  LabProductFigures,
  LabProductRead,
  LabProductReplace,
  LabProductTagRead,
  LabProductTags,
  StatusChange,
  StockChange,
} from './products.dto.js';
import {
  LabCategoryNotFound,
  OtherStatus,
  OutOfStock,
  LabProductNotFound,
  SkuTaken,
  LabTagNotFound,
} from './products.errors.js';

const LabProductId = new IdOr(LabProductNotFound);

class ManyProducts {
  @ApiProperty({ type: [LabProductRead] }) data!: LabProductRead[];
}

class ManyTags {
  @ApiProperty({ type: [LabProductTagRead] }) data!: LabProductTagRead[];
}

@ApiTags('lab')
@Controller('lab')
export class LabProductWritesController {
  constructor(private readonly writes: LabProductWritesService) {}

  @Get('figures')
  @Responds({ operation: 'getProductFigures', summary: 'Read figures of all products', type: LabProductFigures })
  figures(): Promise<LabProductFigures> {
    return this.writes.figures();
  }

  @Post('product-batches')
  @Idempotent()
  @Invalidates('lab_products')
  @Responds({
    operation: 'createProducts',
    summary: 'Create products',
    status: 201,
    type: ManyProducts,
    problems: [SkuTaken, LabCategoryNotFound],
  })
  async createMany(@CurrentCaller() caller: Caller, @Body() { products }: LabProductBatch): Promise<ManyProducts> {
    return { data: await this.writes.createMany(caller.id, products) };
  }

  @Put('skus/:sku')
  @Invalidates('lab_products')
  @Responds({
    operation: 'putProduct',
    summary: 'Create or change the product of a SKU',
    type: LabProductRead,
    problems: [LabCategoryNotFound],
  })
  async put(
    @CurrentCaller() caller: Caller,
    @Param('sku') sku: string,
    @Body() body: LabProductReplace,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<LabProductRead> {
    const { row, isNew } = await this.writes.put(caller.id, sku, body);
    if (isNew) reply.status(201);
    return row;
  }

  @Post('products/:product_id/stock')
  @Invalidates('lab_product:{product_id}', 'lab_products')
  @Responds({
    operation: 'changeStock',
    summary: 'Change the stock of a product',
    type: LabProductRead,
    problems: [LabProductNotFound, OutOfStock],
  })
  changeStock(@Param('product_id', LabProductId) id: number, @Body() { by }: StockChange): Promise<LabProductRead> {
    return this.writes.changeStock(id, by);
  }

  @Post('products/:product_id/status')
  @Invalidates('lab_product:{product_id}', 'lab_products')
  @Responds({
    operation: 'changeStatus',
    summary: 'Change the status of a product',
    type: LabProductRead,
    problems: [LabProductNotFound, OtherStatus],
  })
  changeStatus(@Param('product_id', LabProductId) id: number, @Body() body: StatusChange): Promise<LabProductRead> {
    return this.writes.changeStatus(id, body);
  }

  @Put('products/:product_id/tags')
  @Responds({
    operation: 'replaceProductTags',
    summary: 'Replace the tags of a product',
    type: ManyTags,
    problems: [LabProductNotFound, LabTagNotFound],
  })
  async replaceTags(
    @Param('product_id', LabProductId) id: number,
    @Body() { tag_ids }: LabProductTags,
  ): Promise<ManyTags> {
    return { data: await this.writes.replaceTags(id, tag_ids) };
  }

  @Get('products/:product_id/tags')
  @Responds({ operation: 'listProductTags', summary: 'List the tags of a product', type: ManyTags })
  async tags(@Param('product_id', LabProductId) id: number): Promise<ManyTags> {
    return { data: await this.writes.tagsOf(id) };
  }
}
